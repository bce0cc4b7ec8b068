"""What the simulation refuses, each with a sentence that says what to do."""

from hotline.kernel.errors import HotlineError


class ScenarioInvalidError(HotlineError):
    code = "simulation.scenario_invalid"
    status = 422
    sentence = "The scenario cannot be simulated: {problem}."


class CasesInvalidError(HotlineError):
    code = "simulation.cases_invalid"
    status = 422
    sentence = "The cases cannot be checked: {problem}."


class NoSuchFigureError(CasesInvalidError):
    """The case's model has no such figure."""


class RecordingEmptyError(HotlineError):
    code = "simulation.recording_empty"
    status = 422
    sentence = "Nobody was served in the recorded time, so nothing can be replayed. Choose a busier time."


class WhatIfInvalidError(HotlineError):
    code = "simulation.what_if_invalid"
    status = 422
    sentence = "The question cannot be answered: {problem}."
