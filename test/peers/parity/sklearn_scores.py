"""Scores predictions with scikit-learn: python sklearn_scores.py FOLDER. Prints a JSON line for each case of request.json."""

import json
import pathlib
import sys

import numpy as np
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix, precision_recall_fscore_support

folder = pathlib.Path(sys.argv[1])


def averages(labels, predicted, average):
    scores = precision_recall_fscore_support(labels, predicted, average=average, zero_division=0)[:3]
    return dict(zip(("precision", "recall", "f1"), map(float, scores)))


for case in json.loads((folder / "request.json").read_text()):
    labels, classes = np.array(case["labels"]), case["classes"]
    # argmax takes the first of equal probabilities.
    predicted = np.array(case["probabilities"], dtype=np.float32).reshape((-1, classes)).argmax(axis=1)
    each = precision_recall_fscore_support(labels, predicted, labels=range(classes), zero_division=0)
    print(json.dumps({
        "predicted": predicted.tolist(),
        "accuracy": float(accuracy_score(labels, predicted)),
        "balancedAccuracy": float(balanced_accuracy_score(labels, predicted)),
        "macro": averages(labels, predicted, "macro"),
        "micro": averages(labels, predicted, "micro"),
        "weighted": averages(labels, predicted, "weighted"),
        "perClass": [dict(zip(("precision", "recall", "f1", "support"), map(float, row))) for row in zip(*each)],
        "confusion": confusion_matrix(labels, predicted, labels=range(classes)).ravel().tolist(),
    }))
