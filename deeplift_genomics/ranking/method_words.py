"""What each method of attribution does, in a sentence for readers who run no models.

Formulas and sources are in docs/methods.md, under the heading of the method's name.
"""

from __future__ import annotations

METHOD_WORDS: dict[str, str] = {
    "deeplift": "Compares the activations of the window with those of references, such as shuffled "
    "versions of it, and passes each difference back to the bases that caused it. Averaged over "
    "references, this is DeepSHAP.",
    "gradient": "Asks how the prediction would change if a base changed a little: the derivative.",
    "gradient_x_input": "The derivative at the base that is there.",
    "integrated_gradients": "Averages the derivative along a straight path from each reference to "
    "the window.",
    "expected_gradients": "Averages the derivative at random points of the paths from references "
    "to the window (GradientSHAP).",
    "smoothgrad": "Averages another method over copies of the window to which noise was added.",
    "guided_backpropagation": "The derivative, with whatever is negative left out on the way back.",
    "deconvolution": "The derivative, with ReLU applied to what is passed back and not to what was "
    "passed forward.",
    "lrp": "Shares the prediction out among the bases, layer by layer, in proportion to what each "
    "unit added (layer-wise relevance propagation).",
    "grad_cam": "Weights the maps of a convolution by their derivatives: one score for each "
    "position, none for each base.",
    "in_silico_mutagenesis": "Replaces every base by the three others and predicts anew: slow, and "
    "no approximation.",
    "occlusion": "Covers one stretch after the other and predicts anew.",
    "lime": "Covers random sets of segments, predicts, and fits a linear model to the predictions.",
    "kernel_shap": "As LIME, with weights by which the fit estimates Shapley values.",
    "attention": "Reads the weights by which the model's attention looks at positions.",
    "attention_rollout": "Multiplies the attention of all layers along the model.",
    "attention_x_gradient": "Attention, weighted by the derivative of the prediction.",
    "randomized_path_integration": "Integrates along paths from many random baselines, and keeps "
    "the map that a metric prefers.",
}
