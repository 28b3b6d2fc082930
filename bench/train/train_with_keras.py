"""Trains one model with Keras's fit: python train_with_keras.py FOLDER. Prints the seconds of the first batch and of each epoch."""

import json
import pathlib
import sys
import time

import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)

import keras
import numpy as np

from keras_models import model_of, snake

folder = pathlib.Path(sys.argv[1])
request = json.loads((folder / "request.json").read_text())
core, size, epochs = request["core"], request["size"], request["epochs"]
loss, batch_size = core["training"]["loss"], core["training"]["batchSize"]
keras.utils.set_random_seed(1)
case = {**core, "loss": loss, "optimizer": core["training"]["optimizer"]}
model, shape = model_of(case, size["height"], size["width"])
model.compile(optimizer=model.optimizer, loss=snake(loss), metrics=["accuracy"])
images = np.load(folder / "x_train.npy").astype(np.float32).reshape((-1, *shape)) / np.float32(255)
labels = np.load(folder / "y_train.npy")
targets = keras.utils.to_categorical(labels, size["classes"]) if loss.startswith("categorical") else labels


class Times(keras.callbacks.Callback):
    first_step = None

    def __init__(self):
        super().__init__()
        self.epochs = []

    def on_train_batch_end(self, batch, logs=None):
        if self.first_step is None:
            self.first_step = time.perf_counter() - start

    def on_epoch_begin(self, epoch, logs=None):
        self.begin = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(time.perf_counter() - self.begin)


times = Times()
start = time.perf_counter()
history = model.fit(images, targets, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[times])
print(json.dumps({"firstStepSeconds": times.first_step, "epochSeconds": times.epochs, "loss": history.history["loss"][-1]}))
