"""What can be wrong with agents and their skills, and what to do about it."""

from hotline.kernel.errors import HotlineError


class SkillTwiceError(HotlineError):
    code = "people.skill_twice"
    status = 422
    sentence = "The skill {skill} is listed twice; keep one line with the right level."


class SkillLevelError(HotlineError):
    code = "people.skill_level"
    status = 422
    sentence = "The level {level} of skill {skill} is not between 1 and 9."


class CapacityError(HotlineError):
    code = "people.capacity"
    status = 422
    sentence = "The capacity of channel {channel} must be a whole number from 0 to {most}."


class ChannelUnknownError(HotlineError):
    code = "people.channel_unknown"
    status = 422
    sentence = "The channel {channel} is not known; use one of {channels}."


class UserIsAgentError(HotlineError):
    code = "people.user_is_agent"
    status = 409
    sentence = "The user {username} is already agent {number}; change that agent instead."


class UserNotStaffError(HotlineError):
    code = "people.user_not_staff"
    status = 422
    sentence = "The user {username} does not belong to this tenant; give them a role here first."


class AgentHeldError(HotlineError):
    code = "people.agent_held"
    status = 403
    sentence = "You cannot sign in to take contacts at present: {reason}. Ask your team leader to lift the hold."


class AgentInactiveError(HotlineError):
    code = "people.agent_inactive"
    status = 403
    sentence = "Your agent account is switched off. Ask your administrator to switch it on."


class HoldBackwardsError(HotlineError):
    code = "people.hold_in_past"
    status = 422
    sentence = "The hold would have ended before now; give a later moment, or none to hold until it is lifted."


class SkillValuesError(HotlineError):
    """A skill that stands for no attribute lists values, or one that does lists none."""

    code = "people.skill_values"
    status = 422
    sentence = (
        "A skill of the kind {kind} needs values if and only if it stands for a language, brand, product line or"
        " region; correct its values or its kind."
    )


class SkillValueUnknownError(HotlineError):
    code = "people.skill_value_unknown"
    status = 422
    sentence = "{value} is no code of a {kind}; choose one from the list of attribute values."


class SkillValueTwiceError(HotlineError):
    code = "people.skill_value_twice"
    status = 422
    sentence = "The value {value} is listed twice; keep it once."


class AgentGroupTwiceError(HotlineError):
    code = "people.agent_group_twice"
    status = 422
    sentence = "The team {team} is listed twice among the agent's further teams; keep it once."


class NothingToChangeError(HotlineError):
    code = "people.nothing_to_change"
    status = 422
    sentence = "Say what is to change: a skill with its level, a team, or a further team to add or to take away."


class AgentTwiceError(HotlineError):
    code = "people.agent_twice"
    status = 422
    sentence = "The agent {agent} is listed twice; keep one line."
