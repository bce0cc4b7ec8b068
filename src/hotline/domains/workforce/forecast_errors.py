"""What can be wrong with histories, forecasts and changes of them, and what to do about it."""

from hotline.kernel.errors import HotlineError


class HistoryTooLargeError(HotlineError):
    code = "workforce.history_too_large"
    status = 422
    sentence = "The file has more than {most_mb} MB; send the last two years only."


class HistoryNotTextError(HotlineError):
    code = "workforce.history_not_text"
    status = 422
    sentence = "The file is no UTF-8 text; save it as CSV in UTF-8."


class HistoryQueueError(HotlineError):
    code = "workforce.history_queue"
    status = 422
    sentence = "No queue is called {queue}; write the code or the name of a queue that takes contacts."


class HistoryChannelError(HotlineError):
    code = "workforce.history_channel"
    status = 422
    sentence = "No channel is called {channel}; write voice, sms, chat, email, letter or counter."


class HistorySiteError(HotlineError):
    code = "workforce.history_site"
    status = 422
    sentence = "No site is called {site}; write the code or the name of a site."


class HistoryTwiceError(HotlineError):
    code = "workforce.history_twice"
    status = 422
    sentence = "The file gives the same queue, brand, channel and site twice, under two names; add them up."


class NoHistoryError(HotlineError):
    code = "workforce.no_history"
    status = 422
    sentence = "There is no history up to {last} to learn from; send one as a file, or choose later days."


class ForecastNotReadyError(HotlineError):
    code = "workforce.forecast_not_ready"
    status = 409
    sentence = "This forecast is not made yet; wait until its run is done."


class ForecastChangeOutsideError(HotlineError):
    code = "workforce.forecast_change_outside"
    status = 422
    sentence = "These times lie outside the forecast, which goes from {first} to {last}; choose times within."


class ForecastChangeValueError(HotlineError):
    code = "workforce.forecast_change_value"
    status = 422
    sentence = "Say either a factor or calls per interval, not both and not neither."


class ForecastCutError(HotlineError):
    code = "workforce.forecast_cut"
    status = 422
    sentence = "A forecast is shown by brand, by channel or by site; choose one of them."


class ForecastDaysError(HotlineError):
    code = "workforce.forecast_days"
    status = 422
    sentence = "A forecast is of at most {most} days, and its last day is not before its first; correct the days."


class ForecastTooFarError(HotlineError):
    code = "workforce.forecast_too_far"
    status = 422
    sentence = "The history ends on {last}; a forecast reaches {most} days beyond it. Choose an earlier last day."


class ForecastNotAcceptedError(HotlineError):
    code = "workforce.forecast_not_accepted"
    status = 409
    sentence = "Staffing is made from an accepted forecast; accept this one first."


class StaffingDaysError(HotlineError):
    code = "workforce.staffing_days"
    status = 422
    sentence = "Choose days within the forecast, from {first} to {last}, at most {most} of them."


class NothingExpectedError(HotlineError):
    code = "workforce.nothing_expected"
    status = 422
    sentence = (
        "From {first} to {last} the forecast expects no contact of a queue that asks for a skill; "
        "give the queues skills, or choose other days."
    )


class StaffingNotReadyError(HotlineError):
    code = "workforce.staffing_not_ready"
    status = 409
    sentence = "This staffing plan is not made yet; wait until its run is done."
