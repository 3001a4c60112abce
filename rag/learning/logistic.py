"""Ridge logistic regression, small enough to be read."""

from __future__ import annotations

import numpy as np

RIDGE = 1.0
LEAST = 1e-6  # of the offset: keeps it finite where every label is the same


def fit(figures: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Offset and weights of a ridge logistic regression, by Newton's method."""
    inputs = np.column_stack([np.ones(len(figures)), figures])
    solution = np.zeros(inputs.shape[1])
    ridge = np.diag([LEAST, *[RIDGE] * figures.shape[1]])
    for _ in range(50):
        p = predict(figures, solution)
        gradient = inputs.T @ (weight * (p - labels)) + ridge @ solution
        hessian = (inputs * (weight * p * (1 - p))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(hessian, gradient)
        solution -= step
        if np.abs(step).max() < 1e-8:
            break
    return solution


def predict(figures: np.ndarray, solution: np.ndarray) -> np.ndarray:
    """Probabilities."""
    odds: np.ndarray = np.exp(-(solution[0] + figures @ solution[1:]))
    return 1 / (1 + odds)
