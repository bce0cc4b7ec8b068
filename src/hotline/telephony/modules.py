"""The modules of Asterisk that we load. Whatever is not named stays out: less to attack, to start and to keep."""

_DIALPLAN = ("pbx_config", "app_stasis", "app_queue", "app_dial", "app_mixmonitor", "app_verbose")
_FUNCTIONS = (
    "func_callerid",
    "func_channel",
    "func_hangupcause",
    "func_logic",
    "func_pjsip_aor",
    "func_pjsip_endpoint",
)
_BRIDGES = ("bridge_simple", "bridge_softmix", "bridge_native_rtp", "bridge_holding", "chan_bridge_media")
_CODECS = (
    "codec_a_mu",
    "codec_alaw",
    "codec_ulaw",
    "codec_g722",
    "codec_opus_open_source",
    "codec_resample",
    "format_pcm",
    "format_sln",
    "format_wav",
    "res_format_attr_opus",
)
_MEDIA = ("res_rtp_asterisk", "res_srtp", "res_crypto", "res_musiconhold", "res_timing_timerfd")
_STASIS = (
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_device_state",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
)
_ARI = (
    "res_http_websocket",
    "res_websocket_client",
    "res_ari",
    "res_ari_model",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_recordings",
)
# res_pjsip_refer is left out on purpose: a telephone that could send REFER would dial past the allow-list.
# res_pjsip_endpoint_identifier_anonymous too: who is neither an agent nor a trunk gets no call through.
_SIP = (
    "res_pjproject",
    "res_sorcery_astdb",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_pjsip",
    "res_pjsip_acl",
    "res_pjsip_authenticator_digest",
    "res_pjsip_caller_id",
    "res_pjsip_dlg_options",
    "res_pjsip_dtmf_info",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_header_funcs",
    "res_pjsip_logger",
    "res_pjsip_nat",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_outbound_registration",
    "res_pjsip_path",
    "res_pjsip_pubsub",
    "res_pjsip_registrar",
    "res_pjsip_rfc3326",
    "res_pjsip_sdp_rtp",
    "res_pjsip_session",
    "res_pjsip_transport_websocket",
    "res_security_log",
    "chan_pjsip",
)

WANTED_MODULES: tuple[str, ...] = (
    *_MEDIA,
    *_CODECS,
    *_BRIDGES,
    *_SIP,
    *_STASIS,
    *_ARI,
    *_FUNCTIONS,
    *_DIALPLAN,
)
