"""What other rules or another reference would move: stored purchases judged beside the live judgement."""
