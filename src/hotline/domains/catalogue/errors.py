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


class LineNotAtRootError(HotlineError):
    code = "catalogue.line_not_at_root"
    status = 422
    sentence = "Only a reason without a parent names a product line: leave it empty here, and name it at the top."


class LineUnknownError(HotlineError):
    code = "catalogue.line_unknown"
    status = 422
    sentence = (
        "{value} is no product line in use. Choose one of the list, or add it under brands, product lines, grades."
    )


class ValidityBackwardsError(HotlineError):
    code = "catalogue.validity_backwards"
    status = 422
    sentence = "The validity ends on {valid_to} before it begins on {valid_from}; swap the two days."
