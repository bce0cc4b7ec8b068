"""What can be wrong with kinds of work and groups of a staffing plan, and what to do about it."""

from hotline.kernel.errors import HotlineError


class StaffingQueueUnknownError(HotlineError):
    code = "workforce.staffing_queue_unknown"
    status = 422
    sentence = "The forecast expects no contact of the queue {queue} on these days; leave it out, or choose other days."


class StaffingLaterError(HotlineError):
    code = "workforce.staffing_later"
    status = 422
    sentence = (
        "Group {number} serves a queue at once and later, or after no time; name it once, with 1 to 86400 seconds."
    )


class StaffingQueueTwiceError(HotlineError):
    code = "workforce.staffing_queue_twice"
    status = 422
    sentence = "The queue {queue} is named twice; name each queue once."


class ChatConcurrencyError(HotlineError):
    code = "workforce.staffing_concurrency"
    status = 422
    sentence = "Say how many chats of the queue {queue} one person holds at once, from 1 to {most}."


class ChatsDifferError(HotlineError):
    code = "workforce.staffing_chats_differ"
    status = 422
    sentence = (
        "Queues of one channel that share people need the same number of contacts at once, but {queue} has {one} "
        "where another has {other}; make them equal, or plan teams apart."
    )


class LetterDeadlineError(HotlineError):
    code = "workforce.staffing_deadline"
    status = 422
    sentence = "Say within how many hours letters of the queue {queue} are to be done; one interval at least."


class StaffingGroupEmptyError(HotlineError):
    code = "workforce.staffing_group_empty"
    status = 422
    sentence = "Group {number} serves no queue of this plan; name its queues, or remove it."


class NobodyServesError(HotlineError):
    code = "workforce.staffing_nobody_serves"
    status = 422
    sentence = (
        "No group with people serves the queue {queue}; add a group for it, or let its people be as many as needed."
    )


class PoolTooLargeError(HotlineError):
    code = "workforce.staffing_pool_too_large"
    status = 422
    sentence = "{queues} queues share people, and at most {most} can be planned together; let some groups serve fewer."
