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
