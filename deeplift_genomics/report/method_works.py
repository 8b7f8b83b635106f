"""The works in which methods of attribution were introduced: name of a method -> work."""

from __future__ import annotations

_SALIENCY = (
    "Simonyan K, Vedaldi A, Zisserman A. Deep inside convolutional networks: visualising image "
    "classification models and saliency maps. arXiv:1312.6034, 2014."
)
_DECONVOLUTION = (
    "Zeiler MD, Fergus R. Visualizing and understanding convolutional networks. ECCV 2014, 818-833."
)
_ATTENTION = "Abnar S, Zuidema W. Quantifying attention flow in transformers. ACL 2020, 4190-4197."

METHOD_WORKS = {
    "deeplift": "Shrikumar A, Greenside P, Kundaje A. Learning important features through "
    "propagating activation differences. Proceedings of Machine Learning Research 70:3145-3153, "
    "2017.",
    "gradient": _SALIENCY,
    "gradient_x_input": "Shrikumar A, Greenside P, Shcherbina A, Kundaje A. Not just a black box: "
    "learning important features through propagating activation differences. arXiv:1605.01713, "
    "2016.",
    "integrated_gradients": "Sundararajan M, Taly A, Yan Q. Axiomatic attribution for deep "
    "networks. Proceedings of Machine Learning Research 70:3319-3328, 2017.",
    "expected_gradients": "Erion G, Janizek JD, Sturmfels P, Lundberg SM, Lee SI. Improving "
    "performance of deep learning models with axiomatic attribution priors and expected gradients. "
    "Nature Machine Intelligence 3:620-631, 2021.",
    "smoothgrad": "Smilkov D, Thorat N, Kim B, Viégas F, Wattenberg M. SmoothGrad: removing noise "
    "by adding noise. arXiv:1706.03825, 2017.",
    "guided_backpropagation": "Springenberg JT, Dosovitskiy A, Brox T, Riedmiller M. Striving for "
    "simplicity: the all convolutional net. arXiv:1412.6806, 2015.",
    "deconvolution": _DECONVOLUTION,
    "lrp": "Bach S, Binder A, Montavon G, Klauschen F, Müller KR, Samek W. On pixel-wise "
    "explanations for non-linear classifier decisions by layer-wise relevance propagation. PLoS "
    "ONE 10:e0130140, 2015.",
    "grad_cam": "Selvaraju RR, Cogswell M, Das A, Vedantam R, Parikh D, Batra D. Grad-CAM: visual "
    "explanations from deep networks via gradient-based localization. ICCV 2017, 618-626.",
    "in_silico_mutagenesis": "Zhou J, Troyanskaya OG. Predicting effects of noncoding variants "
    "with deep learning-based sequence model. Nature Methods 12:931-934, 2015.",
    "occlusion": _DECONVOLUTION,
    "lime": "Ribeiro MT, Singh S, Guestrin C. “Why should I trust you?”: explaining the "
    "predictions of any classifier. KDD 2016, 1135-1144.",
    "kernel_shap": "Lundberg SM, Lee SI. A unified approach to interpreting model predictions. "
    "Advances in Neural Information Processing Systems 30, 2017.",
    "attention": _ATTENTION,
    "attention_rollout": _ATTENTION,
    "attention_x_gradient": "Chefer H, Gur S, Wolf L. Generic attention-model explainability for "
    "interpreting bi-modal and encoder-decoder transformers. ICCV 2021, 397-406.",
    "randomized_path_integration": "Sturmfels P, Lundberg S, Lee SI. Visualizing the impact of "
    "feature attribution baselines. Distill 5:e22, 2020.",
}
