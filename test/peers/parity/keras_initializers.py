"""Compares draws with those of Keras's initializers: python keras_initializers.py FOLDER

FOLDER holds request.json (initializer and shape of each case) and the draws of each case, float32, named by its number.
Prints a JSON line a case: statistics of both, the p-value of the two-sample Kolmogorov-Smirnov test between them, and how
far the products of the rows (or columns, whichever are fewer) are from those of orthonormal ones.
"""

import json
import pathlib
import sys

import keras
import numpy as np
from scipy import stats

from keras_models import value_of

folder = pathlib.Path(sys.argv[1])


def statistics(values):
    values = values.astype(np.float64)
    return {"mean": values.mean(), "deviation": values.std(), "smallest": values.min(), "largest": values.max()}


def distance_to_orthonormal(values):
    matrix = values.reshape((-1, values.shape[-1])).astype(np.float64)
    matrix = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    return float(np.abs(matrix @ matrix.T - np.eye(len(matrix))).max())


for index, case in enumerate(json.loads((folder / "request.json").read_text())):
    initializer = keras.initializers.get(value_of(case["initializer"]))
    if hasattr(initializer, "seed"):
        initializer = type(initializer)(seed=index + 1)
    theirs = np.asarray(initializer(tuple(case["shape"])))
    ours = np.fromfile(folder / str(index), dtype=np.float32).reshape(case["shape"])
    print(json.dumps({
        "pipe": statistics(ours),
        "keras": statistics(theirs),
        "p": float(stats.ks_2samp(ours.ravel(), theirs.ravel()).pvalue),
        "toOrthonormal": [distance_to_orthonormal(ours), distance_to_orthonormal(theirs)],
    }, default=float))
