"""What can be wrong with queues, and what to do about it."""

from hotline.kernel.errors import HotlineError


class QueueSkillTwiceError(HotlineError):
    code = "routing.queue_skill_twice"
    status = 422
    sentence = "The queue lists the skill {skill} twice; keep one line with the least level."


class ConfigurationRefusedError(HotlineError):
    """Nobody should meet it: each single change is checked before. It keeps a broken whole from the switch."""

    code = "routing.configuration_refused"
    status = 409
    sentence = "The routing set-up has {count} error(s) and was not sent to the switch. The first: {first}"


class SetupWorseError(HotlineError):
    """A write that would make something wrong that was right before."""

    code = "routing.setup_worse"
    status = 422
    sentence = "Nothing was saved: with this change the routing set-up would have {count} new error(s). {first}"


class PriorityValueError(HotlineError):
    code = "routing.priority_value"
    status = 422
    sentence = "A priority by {kind} takes a value, except vip and repeat, which take none; correct the value."


class PriorityValueUnknownError(HotlineError):
    code = "routing.priority_value_unknown"
    status = 422
    sentence = "{value} is no code of a {kind}; choose one from the list of attribute values."


class PriorityWindowError(HotlineError):
    code = "routing.priority_window"
    status = 422
    sentence = "A priority for repeat callers needs the window in seconds, and no other takes one; correct it."


class WhatIfDayError(HotlineError):
    code = "routing.what_if_day"
    status = 422
    sentence = "No whole quarter of an hour of {day} is over yet; choose {last} or an earlier day."


class WhatIfBasisError(HotlineError):
    code = "routing.what_if_basis"
    status = 422
    sentence = "Ask about either a version or a changed record, not both and not neither."


class WhatIfOpenError(HotlineError):
    """One at a time for each tenant: a replay takes a processor to itself."""

    code = "routing.what_if_open"
    status = 409
    sentence = "Another what-if is being worked out (asked by {asked_by}). Wait for it, or cancel it in the list."


class WhatIfNotReadyError(HotlineError):
    code = "routing.what_if_not_ready"
    status = 409
    sentence = "A change can be applied once, after its what-if has been worked out. Ask again to get a new one."
