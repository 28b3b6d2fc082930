"""Runs GridSearchCV over a model whose scores are looked up: python sklearn_search.py FOLDER. Prints a JSON line with cv_results_."""

import json
import pathlib
import sys

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV, PredefinedSplit

request = json.loads((pathlib.Path(sys.argv[1]) / "request.json").read_text())


class LookedUp(ClassifierMixin, BaseEstimator):
    """Scores what the request says for its parameters on the fold that it is scored on."""

    def __init__(self, units=0, optimizer="", rate=None):
        self.units, self.optimizer, self.rate = units, optimizer, rate

    def fit(self, features, labels):
        self.classes_ = np.unique(labels)
        return self

    def predict(self, features):
        return np.zeros(len(features), dtype=int)

    def score(self, features, labels):
        for entry in request["scores"]:
            if all(getattr(self, name) == value for name, value in entry["params"].items()):
                value = entry["folds"][int(features[0, 0])]
                return float("nan") if value is None else value
        raise KeyError(self.get_params())


folds = np.repeat(np.arange(request["folds"]), 4)
search = GridSearchCV(LookedUp(), request["grid"], cv=PredefinedSplit(folds), refit=False)
search.fit(folds.reshape(-1, 1), np.tile([0, 1], len(folds) // 2))
print(json.dumps({
    "columns": list(search.cv_results_),
    "params": search.cv_results_["params"],
    "values": {
        name: [None if np.isnan(value) else float(value) for value in np.asarray(column, dtype=float)]
        for name, column in search.cv_results_.items() if "test_score" in name
    },
}))
