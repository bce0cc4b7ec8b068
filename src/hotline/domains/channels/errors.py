"""What can be wrong with entry points, flows, prompts and outside numbers, and what to do about it."""

from hotline.kernel.errors import HotlineError


class AddressError(HotlineError):
    code = "channels.address"
    status = 422
    sentence = "{address} is not a number that can be called; write digits, with + and the country code from abroad."


class PublicKeyError(HotlineError):
    code = "channels.public_key"
    status = 422
    sentence = "{key} cannot stand in a page's address; write 3 to 64 letters, digits, dashes or underscores."


class FlowNeededError(HotlineError):
    code = "channels.flow_needed"
    status = 422
    sentence = "Callers need a flow; choose one for this entry point."


class FlowUnusedError(HotlineError):
    code = "channels.flow_unused"
    status = 422
    sentence = "Chats, web forms and short messages run no flow; leave the flow empty and choose a queue."


class QueueNeededError(HotlineError):
    code = "channels.queue_needed"
    status = 422
    sentence = "Chats, web forms and short messages need a queue to wait in; choose one."


class CalendarUnusedError(HotlineError):
    code = "channels.calendar_unused"
    status = 422
    sentence = "Opening hours of calls stand in their flow; leave the calendar of this entry point empty."


class SecretUnusedError(HotlineError):
    code = "channels.secret_unused"
    status = 422
    sentence = "Only short messages are handed in with a secret; this entry point needs none."


class LanguageError(HotlineError):
    code = "channels.language"
    status = 422
    sentence = "The language {language} has no prompts; choose one of {languages}."


class FlowNotPublishedError(HotlineError):
    code = "channels.flow_not_published"
    status = 409
    sentence = "The flow {flow} has no published version; publish it before a number uses it."


class FlowVersionUnknownError(HotlineError):
    code = "channels.flow_version_unknown"
    status = 404
    sentence = "The flow has no version {number}; choose one from its list."


class FlowVersionPublishedError(HotlineError):
    code = "channels.flow_version_published"
    status = 409
    sentence = "Version {number} is published already; nothing was changed."


class DefinitionTooLargeError(HotlineError):
    code = "channels.definition_too_large"
    status = 422
    sentence = "The flow is larger than {limit_kb} kB; split it or shorten its texts."


class DraftNotDialogueError(HotlineError):
    code = "channels.draft_not_dialogue"
    status = 422
    sentence = "A flow is an object with 'first_step' and an object 'steps'; send it in that form."


class SoundTooLargeError(HotlineError):
    code = "channels.sound_too_large"
    status = 413
    sentence = "The recording is larger than {limit_mb} MB; shorten it or lower its sampling rate."


class SoundFormatError(HotlineError):
    code = "channels.sound_format"
    status = 422
    sentence = "The recording cannot be used; save it as PCM WAV, 8-48 kHz, mono or stereo, 8 to 32 bits."


class SoundLengthError(HotlineError):
    code = "channels.sound_length"
    status = 422
    sentence = "The recording lasts {seconds} s; it must last between {least_s} and {most_s} s."


class SoundSilentError(HotlineError):
    code = "channels.sound_silent"
    status = 422
    sentence = "Nothing can be heard on the recording; check the microphone and record it again."


class NumberNotAllowedError(HotlineError):
    code = "channels.number_not_allowed"
    status = 403
    sentence = "Calls to {number} are not allowed. Ask your administrator to add its beginning to the outbound list."


class DepartmentLineError(HotlineError):
    code = "channels.department_line"
    status = 422
    sentence = "Give the department either a queue or a telephone number, not both and not neither."


class DepartmentClosedError(HotlineError):
    code = "channels.department_closed"
    status = 409
    sentence = "The department is closed until {opens_at}. Open a ticket for it, or choose another target."


class DepartmentShutError(HotlineError):
    code = "channels.department_shut"
    status = 409
    sentence = "The department has no opening hours to come. Open a ticket for it, or choose another target."


class PrefixError(HotlineError):
    code = "channels.prefix"
    status = 422
    sentence = "{prefix} is not the beginning of a number; write 1 to 15 digits, with + in front for numbers abroad."
