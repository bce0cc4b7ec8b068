"""What the forecast refuses, each with a sentence that names the place and says what to do."""

from hotline.kernel.errors import HotlineError


class HistoryInvalidError(HotlineError):
    code = "forecast.history_invalid"
    status = 422
    sentence = "The history cannot be used: {problem}."


class CalendarInvalidError(HotlineError):
    code = "forecast.calendar_invalid"
    status = 422
    sentence = "The calendar cannot be used: {problem}."


class ForecastInvalidError(HotlineError):
    code = "forecast.question_invalid"
    status = 422
    sentence = "That cannot be forecast: {problem}."
