"""Statistics of paired predictions by SciPy and statsmodels: python statistics_peers.py FOLDER. Prints a JSON line for each case."""

import json
import pathlib
import sys

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

request = json.loads((pathlib.Path(sys.argv[1]) / "request.json").read_text())

for case in request["pairs"]:
    labels, first, second = (np.array(case[name]) for name in ("labels", "first", "second"))
    one, other = first == labels, second == labels
    table = [[int((one & other).sum()), int((one & ~other).sum())], [int((~one & other).sum()), int((~one & ~other).sum())]]
    low, high = proportion_confint(int(one.sum()), len(labels), alpha=0.05, method="wilson")
    print(json.dumps({"pValue": float(mcnemar(table, exact=True).pvalue), "low": float(low), "high": float(high)}))

for values in request["adjusted"]:
    print(json.dumps({"adjusted": multipletests(values, method="holm")[1].tolist()}))

for case in request["folds"]:
    differences = np.array(case["first"]) - np.array(case["second"])
    count = len(differences)
    # Nadeau and Bengio, by SciPy's t distribution.
    error = np.sqrt(differences.var(ddof=1) * (1 / count + case["ratio"]))
    t = differences.mean() / error
    print(json.dumps({
        "t": float(t),
        "pValue": float(2 * stats.t.sf(abs(t), count - 1)),
        "halfWidth": float(stats.t.ppf(0.975, count - 1) * error),
    }))
