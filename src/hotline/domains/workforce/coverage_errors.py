"""What can be wrong with a question for coverage, and what to do about it."""

from hotline.kernel.errors import HotlineError


class CoverageDaysError(HotlineError):
    code = "workforce.coverage_days"
    status = 422
    sentence = "Coverage is shown for at most {most} days at a time; choose an earlier last day."
