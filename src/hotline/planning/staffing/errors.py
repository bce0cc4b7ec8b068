"""What staffing refuses: files it cannot read, problems that cannot be, and plans nobody can make."""

from typing import ClassVar

from hotline.kernel.errors import HotlineError


class StaffingFileError(HotlineError):
    """Data: `place` (the file), `problem`."""

    code: ClassVar[str] = "staffing.file"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "{place}: {problem}"


class StaffingProblemError(HotlineError):
    """Data: `where` (the place in the problem, such as `queues[3].calls[7]`), `problem`."""

    code: ClassVar[str] = "staffing.problem"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "{where}: {problem}"
