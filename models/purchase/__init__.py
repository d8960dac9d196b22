"""A purchase's life: what is kept of its events, how they belong together, and what follows from them.

The way of a fact: `accept` keeps it in the row of its number, `grouping` finds the purchases among all that the row
holds, `assessing` judges them, `lifecycle` compares with what was published before.
"""
