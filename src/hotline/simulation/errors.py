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
