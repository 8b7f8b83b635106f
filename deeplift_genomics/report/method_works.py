"""The works in which methods of attribution were introduced: name of a method -> work."""

from __future__ import annotations

from deeplift_genomics.report.work import Work

_PMLR = "Proceedings of Machine Learning Research"
_SALIENCY = Work(
    "Simonyan K, Vedaldi A, Zisserman A",
    "Deep inside convolutional networks: visualising image classification models and saliency maps",
    "arXiv:1312.6034",
    2014,
    doi="10.48550/arXiv.1312.6034",
)
_DECONVOLUTION = Work(
    "Zeiler MD, Fergus R",
    "Visualizing and understanding convolutional networks",
    "ECCV",
    2014,
    pages="818-833",
    doi="10.1007/978-3-319-10590-1_53",
)
_ATTENTION = Work(
    "Abnar S, Zuidema W",
    "Quantifying attention flow in transformers",
    "ACL",
    2020,
    pages="4190-4197",
    doi="10.18653/v1/2020.acl-main.385",
)

METHOD_WORKS = {
    "deeplift": Work(
        "Shrikumar A, Greenside P, Kundaje A",
        "Learning important features through propagating activation differences",
        _PMLR,
        2017,
        "70",
        "3145-3153",
        url="https://proceedings.mlr.press/v70/shrikumar17a.html",
    ),
    "gradient": _SALIENCY,
    "gradient_x_input": Work(
        "Shrikumar A, Greenside P, Shcherbina A, Kundaje A",
        "Not just a black box: learning important features through propagating activation "
        "differences",
        "arXiv:1605.01713",
        2016,
        doi="10.48550/arXiv.1605.01713",
    ),
    "integrated_gradients": Work(
        "Sundararajan M, Taly A, Yan Q",
        "Axiomatic attribution for deep networks",
        _PMLR,
        2017,
        "70",
        "3319-3328",
        url="https://proceedings.mlr.press/v70/sundararajan17a.html",
    ),
    "expected_gradients": Work(
        "Erion G, Janizek JD, Sturmfels P, Lundberg SM, Lee SI",
        "Improving performance of deep learning models with axiomatic attribution priors and "
        "expected gradients",
        "Nature Machine Intelligence",
        2021,
        "3",
        "620-631",
        doi="10.1038/s42256-021-00343-w",
    ),
    "smoothgrad": Work(
        "Smilkov D, Thorat N, Kim B, Viégas F, Wattenberg M",
        "SmoothGrad: removing noise by adding noise",
        "arXiv:1706.03825",
        2017,
        doi="10.48550/arXiv.1706.03825",
    ),
    "guided_backpropagation": Work(
        "Springenberg JT, Dosovitskiy A, Brox T, Riedmiller M",
        "Striving for simplicity: the all convolutional net",
        "arXiv:1412.6806",
        2015,
        doi="10.48550/arXiv.1412.6806",
    ),
    "deconvolution": _DECONVOLUTION,
    "lrp": Work(
        "Bach S, Binder A, Montavon G, Klauschen F, Müller KR, Samek W",
        "On pixel-wise explanations for non-linear classifier decisions by layer-wise relevance "
        "propagation",
        "PLoS ONE",
        2015,
        "10",
        "e0130140",
        doi="10.1371/journal.pone.0130140",
    ),
    "grad_cam": Work(
        "Selvaraju RR, Cogswell M, Das A, Vedantam R, Parikh D, Batra D",
        "Grad-CAM: visual explanations from deep networks via gradient-based localization",
        "ICCV",
        2017,
        pages="618-626",
        doi="10.1109/ICCV.2017.74",
    ),
    "in_silico_mutagenesis": Work(
        "Zhou J, Troyanskaya OG",
        "Predicting effects of noncoding variants with deep learning-based sequence model",
        "Nature Methods",
        2015,
        "12",
        "931-934",
        doi="10.1038/nmeth.3547",
    ),
    "occlusion": _DECONVOLUTION,
    "lime": Work(
        "Ribeiro MT, Singh S, Guestrin C",
        "“Why should I trust you?”: explaining the predictions of any classifier",
        "KDD",
        2016,
        pages="1135-1144",
        doi="10.1145/2939672.2939778",
    ),
    "kernel_shap": Work(
        "Lundberg SM, Lee SI",
        "A unified approach to interpreting model predictions",
        "Advances in Neural Information Processing Systems",
        2017,
        "30",
        url="https://proceedings.neurips.cc/paper/2017/hash/8a20a8621978632d76c43dfd28b67767-Abstract.html",
    ),
    "attention": _ATTENTION,
    "attention_rollout": _ATTENTION,
    "attention_x_gradient": Work(
        "Chefer H, Gur S, Wolf L",
        "Generic attention-model explainability for interpreting bi-modal and encoder-decoder "
        "transformers",
        "ICCV",
        2021,
        pages="387-396",
        doi="10.1109/ICCV48922.2021.00045",
    ),
    "randomized_path_integration": Work(
        "Sturmfels P, Lundberg S, Lee SI",
        "Visualizing the impact of feature attribution baselines",
        "Distill",
        2020,
        "5",
        "e22",
        doi="10.23915/distill.00022",
    ),
}
