"""Reads every artifact of a store with pyarrow, pandas and polars, and takes the accuracy again from the predictions."""

import json
import pathlib
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

store = pathlib.Path(sys.argv[1])
blobs = sorted((store / "cas").rglob("*/*"))
blobs = [path for path in blobs if path.is_file()]
assert blobs, f"no artifacts in {store}"
types = {}
for path in blobs:
    with pa.memory_map(str(path)) as file:
        table = pa.ipc.open_file(file).read_all()
        table.validate(full=True)
    # The leading schema message makes the file readable as a stream too, after the magic.
    stream = pa.ipc.open_stream(path.read_bytes()[8:]).read_all()
    assert stream.num_rows == table.num_rows, path
    kind = table.schema.metadata[b"pipe.type"].decode()
    types.setdefault(kind, []).append(path)
    if kind == "samples":
        image = table.schema.field("image").type
        assert isinstance(image, pa.FixedShapeTensorType) and list(image.shape) == [28, 28], image
        pixels = table.column("image").combine_chunks().to_numpy_ndarray()
        assert pixels.shape == (table.num_rows, 28, 28) and pixels.dtype == np.uint8
        assert json.loads(table.schema.metadata[b"pipe.source"])["title"]
    assert len(pd.read_feather(path, columns=[table.column_names[0]])) == table.num_rows, path
    assert pl.read_ipc(path, columns=[table.column_names[0]]).height == table.num_rows, path
expected = {"samples", "split", "fold-scores", "selection", "cv-results", "curves", "weights", "history", "predictions", "metrics", "confusion", "timings", "blob"}
assert expected <= set(types), expected - set(types)

accuracies = set()
for path in types["predictions"]:
    table = pa.ipc.open_file(str(path)).read_all()
    accuracies.add(round(float(np.mean(table["label"].to_numpy() == table["predicted"].to_numpy())), 12))
stated = set()
for path in types["metrics"]:
    frame = pd.read_feather(path)
    stated.add(round(float(frame.loc[frame.metric == "accuracy", "value"].iloc[0]), 12))
assert accuracies == stated, (accuracies, stated)

results = pd.read_feather(types["cv-results"][0])
assert {"params", "mean_test_score", "std_test_score", "rank_test_score", "mean_fit_time"} <= set(results.columns)
print(f"pyarrow {pa.__version__}, pandas {pd.__version__}, polars {pl.__version__} read {len(blobs)} artifacts of {len(types)} types")
