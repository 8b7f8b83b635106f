"""The forecast of the predictions at the windows."""

from __future__ import annotations

from deeplift_genomics.planning.calibration import Calibration
from deeplift_genomics.planning.predictions import predicted_per_shard, seconds_per_prediction
from deeplift_genomics.planning.step import SMALL_STEP, START, StepForecast
from deeplift_genomics.planning.weights import with_all_folds
from deeplift_genomics.settings.choices import DEVICES
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample

# of two strands: bytes per base of a window; bases per second, joined, and compared with a signal
_BYTES, _JOINED_PER_S, _OBSERVED_PER_S = 3.0, 100e6, 2e6


def forecast_predictions(
    config: Config, sample: Sample, n: int, found: Calibration
) -> list[StepForecast]:
    """Forecast the predictions at the windows, with profiles as long as the windows at most."""
    per_shard, folds = predicted_per_shard(config), len(sample.model)
    each = folds * seconds_per_prediction(
        found.per_window, config.references.number, len(sample.heads)
    )
    jobs = max(1, -(-n // per_shard))
    start = found.start + (folds - 1) * found.check
    bases = n * found.window_length
    compared = bases / _OBSERVED_PER_S if sample.signal else 0.0
    joining = START + bases / _JOINED_PER_S + compared
    predicted = bases * _BYTES
    return [
        StepForecast(
            sample.sample,
            "predict",
            jobs,
            jobs * start + n * each,
            start + min(n, per_shard) * each,
            with_all_folds(config, sample, found.memory),
            temporary=predicted,
            on_gpu=config.attribution.device != DEVICES[0],
        ),
        StepForecast(
            sample.sample,
            "predictions",
            1,
            joining,
            joining,
            SMALL_STEP,
            disk=predicted * (2 if sample.signal else 1),
        ),
    ]
