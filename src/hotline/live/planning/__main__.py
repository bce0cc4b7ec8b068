"""The player of planning runs: see `hotline.live.players` for what it reads and says."""

from hotline.live.planning.players import answer
from hotline.live.player_process import play

if __name__ == "__main__":
    play(answer)
