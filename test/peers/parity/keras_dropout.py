"""Compares dropout with Keras's: python keras_dropout.py FOLDER

request.json holds, for each case, the rate, how many ones were dropped out of how many, and how often. Prints a JSON line
a case: the share of zeros and the mean that Keras's layer gives for as many, the value of those that are kept, and the
p-values of pipe's zeros against the rate (binomial test) and against Keras's (chi-square test).
"""

import json
import pathlib
import sys

import keras
import numpy as np
from scipy import stats

folder = pathlib.Path(sys.argv[1])

for index, case in enumerate(json.loads((folder / "request.json").read_text())):
    rate, draws, zeros = case["rate"], case["draws"], case["zeros"]
    dropped = np.asarray(keras.layers.Dropout(rate, seed=index + 1)(np.ones((1, draws), np.float32), training=True))
    theirs = int((dropped == 0).sum())
    table = [[zeros, draws - zeros], [theirs, draws - theirs]]
    print(json.dumps({
        "zeros": theirs / draws,
        "mean": float(dropped.mean(dtype=np.float64)),
        "kept": float(dropped.max()),
        "pOfRate": float(stats.binomtest(zeros, draws, rate).pvalue),
        "pOfKeras": float(stats.chi2_contingency(table).pvalue),
    }))
