"""What can be wrong with the disposition tree, and what to do about it."""

from hotline.kernel.errors import HotlineError


class TreeTooDeepError(HotlineError):
    code = "catalogue.tree_too_deep"
    status = 422
    sentence = (
        "The tree has at most {limit} levels, so that a disposition stays a few keys away; choose a higher parent."
    )


class TreeCircleError(HotlineError):
    code = "catalogue.tree_circle"
    status = 422
    sentence = "A node cannot stand below itself; choose another parent."


class TreeKindError(HotlineError):
    code = "catalogue.tree_kind"
    status = 422
    sentence = "A {kind} cannot stand below a node of the other kind; choose a {kind} as parent or none."


class ValidityBackwardsError(HotlineError):
    code = "catalogue.validity_backwards"
    status = 422
    sentence = "The validity ends on {valid_to} before it begins on {valid_from}; swap the two days."
