"""Trains models with Keras, batch by batch: python keras_training.py FOLDER

FOLDER holds request.json (size, rows of each step, cases), pixels (uint8) and labels (int32). Prints a JSON line a case,
with the loss of each step, and writes the first and the last weights beside the request, float32, one after the other.
"""

import json
import pathlib
import sys

import keras
import numpy as np
import tensorflow as tf

from keras_models import model_of

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)

folder = pathlib.Path(sys.argv[1])
request = json.loads((folder / "request.json").read_text())
height, width, classes = request["height"], request["width"], request["classes"]
pixels = np.fromfile(folder / "pixels", dtype=np.uint8).astype(np.float32) / np.float32(255)
labels = np.fromfile(folder / "labels", dtype=np.int32)


def write(model, name):
    np.concatenate([weight.ravel() for weight in model.get_weights()]).astype("<f4").tofile(folder / name)
    return name


def lift_biases(model, random):
    """Biases of convolutions start away from 0, and farther than 50 steps of Adam go.

    Where such a bias passes 0, the whole background of an image (exactly 0) switches on or off at once: a rounding error
    decides in which step, and Keras does not come to its own losses again from weights that are 1e-7 off.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            signs = random.choice([-1.0, 1.0], size=layer.bias.shape)
            layer.bias.assign(signs * random.uniform(0.06, 0.12, size=layer.bias.shape))


def train(case, model, shape):
    """The loss of each step."""
    images = pixels.reshape((-1, *shape))
    targets = keras.utils.to_categorical(labels, classes) if case["loss"].startswith("categorical") else labels
    losses = []
    for rows in request["steps"]:
        model.reset_metrics()
        losses.append(float(model.train_on_batch(images[rows], targets[rows], return_dict=True)["loss"]))
    return losses


for index, case in enumerate(request["cases"]):
    keras.utils.set_random_seed(index + 1)
    model, shape = model_of(case, height, width)
    lift_biases(model, np.random.default_rng(index + 1))
    first = model.get_weights()
    files = [write(model, f"{index}-first")]
    answer = {"name": case["name"], "losses": train(case, model, shape), "shapes": [weight.shape for weight in first]}
    files.append(write(model, f"{index}-last"))
    if case.get("twice"):
        other, _ = model_of(case, height, width)
        other.set_weights([weight * np.float32(1 + 1e-7) for weight in first])
        answer["again"] = train(case, other, shape)
    print(json.dumps({**answer, "files": files}), flush=True)
    keras.backend.clear_session()
