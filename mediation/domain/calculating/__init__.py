"""What am I owed?  Sums in exact fractions of a fen, with the rates and the assumptions behind them.

A sum is a reference and never a decision: it says its formula, what was understood, which rates were
used and what was assumed.
"""
