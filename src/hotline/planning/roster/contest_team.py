"""The competition's instance as the benchmark solver's team: exact cover at a price that nothing soft can outweigh."""

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.board import Team
from hotline.planning.roster.contract_line import HARD, ContestLine, ContractLines
from hotline.planning.roster.inrc1 import Instance
from hotline.planning.roster.line_program import Found


class ContestTeam(Team):
    """Lines and their costs by the competition's rules, for the same column generation and dive."""

    def __init__(self, instance: Instance) -> None:
        self.names, self.shifts, self.days = list(instance.workers), list(instance.minutes_of), instance.days
        shape = instance.days, len(self.shifts)
        self.wanted = np.array([[instance.wanted[d, s] for s in self.shifts] for d in range(self.days)], np.int64)
        self.under, self.over = np.full(shape, HARD), np.full(shape, HARD)
        lines = {name: ContractLines(instance, contract) for name, contract in instance.contracts.items()}
        self._nurses = [ContestLine(instance, nurse, lines[nurse.contract]) for nurse in instance.workers.values()]

    def cheapest(self, person: int, price: NDArray[np.float64]) -> Found:
        """The person's cheapest line for its own costs plus `price[day, shift]`."""
        return self._nurses[person].cheapest(price)

    def line_cost(self, person: int, line: NDArray[np.int64]) -> float:
        """What the line's broken wishes and rules cost."""
        return self._nurses[person].cost(line)
