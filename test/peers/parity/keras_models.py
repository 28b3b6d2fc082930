"""Makes Keras's layers and optimizers of pipe's settings: the same words, in camel case."""

import re

import keras

# Words that differ in more than their case.
VALUES = {"swish": "silu", "leCunUniform": "lecun_uniform", "leCunNormal": "lecun_normal"}
CONSTANTS = {"l1": "l1_regularization_strength", "l2": "l2_regularization_strength"}


def snake(word):
    """beta1 to beta_1, glorotUniform to glorot_uniform."""
    return re.sub(r"(?<=[a-z])([A-Z0-9])", r"_\1", word).lower()


def named(module, name):
    """The class of a module by its name in whatever case."""
    [found] = [one for one in dir(module) if one.lower() == name.lower()]
    return getattr(module, found)


def value_of(value):
    if isinstance(value, str):
        return VALUES.get(value, snake(value))
    return tuple(value) if isinstance(value, list) else value


def layer_of(setting):
    constants = {snake(key): value_of(value) for key, value in setting["config"].items()}
    return named(keras.layers, setting["layer"])(**constants)


def optimizer_of(setting):
    # JSON writes 0.0 as 0, which Keras does not take for a float.
    constants = {CONSTANTS.get(key, snake(key)): value if isinstance(value, bool) else float(value)
                 for key, value in setting.items() if key != "name"}
    return named(keras.optimizers, setting["name"])(**constants)


def model_of(case, height, width):
    """A compiled model for images of a size, with the weights that Keras draws for it."""
    shape = {"flat": (height * width,), "sequence": (height, width), "image": (height, width, 1)}[case["input"]]
    model = keras.Sequential([keras.Input(shape), *map(layer_of, case["layers"])])
    model.compile(optimizer=optimizer_of(case["optimizer"]), loss=snake(case["loss"]))
    return model, shape
