"""A grid search as the study made it, with scikeras and GridSearchCV: python search_with_scikeras.py FOLDER MODEL EPOCHS N_JOBS

The same models, grids and folds as in grid.yaml. Prints the best combination and its mean accuracy.
"""

import json
import pathlib
import sys

import keras
import numpy as np
from scikeras.wrappers import KerasClassifier
from sklearn.model_selection import GridSearchCV

L = keras.layers


def end(meta):
    return L.Dense(meta["n_classes_"], activation="softmax")


def mlp(meta, units1, units2, activation):
    return keras.Sequential([keras.Input((784,)), L.Dense(units1, activation=activation),
                             L.Dense(units2, activation=activation), end(meta)])


def cnn(meta, dropout):
    return keras.Sequential([keras.Input((28, 28, 1)), L.Conv2D(32, 3, activation="relu"), L.MaxPooling2D(2),
                             L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(2), L.Flatten(), L.Dropout(dropout),
                             end(meta)])


def lstm(meta, units, dropout):
    return keras.Sequential([keras.Input((28, 28)), L.LSTM(units, return_sequences=True), L.Dropout(dropout),
                             L.LSTM(units // 2), L.Dense(units // 2, activation="relu"), end(meta)])


SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"
SEARCHES = {
    "mlp": (mlp, (784,), SPARSE, {
        "model__units1": [500, 784], "model__units2": [196, 392], "model__activation": ["relu", "tanh"],
    }),
    "cnn": (cnn, (28, 28, 1), SPARSE, {
        "optimizer": ["adam", "sgd", "rmsprop", "nadam"], "model__dropout": [0.3, 0.5],
    }),
    "lstm": (lstm, (28, 28), ONE_HOT, {
        "model__units": [50, 100], "model__dropout": [0.1, 0.2], "optimizer": ["adam", "rmsprop"],
    }),
}

if __name__ == "__main__":
    folder, name, epochs, jobs = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    build, shape, loss, grid = SEARCHES[name]
    images = np.load(folder / "x_train.npy").astype(np.float32).reshape((-1, *shape)) / np.float32(255)
    labels = np.load(folder / "y_train.npy")
    classifier = KerasClassifier(model=build, optimizer="adam", loss=loss, metrics=["accuracy"], epochs=epochs,
                                 batch_size=128, verbose=0)
    search = GridSearchCV(classifier, grid, cv=3, n_jobs=jobs, refit=True, error_score="raise")
    search.fit(images, labels)
    fits = len(search.cv_results_["params"]) * search.n_splits_
    print(json.dumps({"fits": fits, "best": search.best_params_, "accuracy": float(search.best_score_)}))
