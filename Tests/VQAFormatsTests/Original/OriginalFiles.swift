// OriginalFiles.swift - settings as the original's users have them.

/// Texts of `trar.yml`.
enum OriginalFiles {
  /// The published settings for VQA.
  static let vqa = """
    # Network
    MODEL_USE: TRAR
    LAYER: 6
    HIDDEN_SIZE: 512
    FF_SIZE: 2048
    MULTI_HEAD: 8
    DROPOUT_R: 0.1
    FLAT_MLP_SIZE: 512
    FLAT_GLIMPSES: 1
    FLAT_OUT_SIZE: 1024
    USE_BBOX_FEAT: False

    # Spans
    ORDERS: [0, 1, 2, 3]
    IMG_SCALE: 8
    ROUTING: 'soft'
    POOLING: 'avg'
    TAU_POLICY: 1
    TAU_MAX: 10
    TAU_MIN: 0.1
    BINARIZE: False

    # Learning
    BATCH_SIZE: 64
    LR_BASE: 0.0001
    LR_DECAY_R: 0.2
    LR_DECAY_LIST: [10, 12]
    WARMUP_EPOCH: 3
    MAX_EPOCH: 13
    GRAD_NORM_CLIP: -1
    GRAD_ACCU_STEPS: 1
    LOSS_FUNC: bce
    LOSS_REDUCTION: sum
    OPT: Adam
    OPT_PARAMS: {betas: '(0.9, 0.98)', eps: '1e-9'}

    """

  /// The published settings for CLEVR.
  static let clevr = """
    MODEL_USE: TRAR
    LAYER: 6
    HIDDEN_SIZE: 512
    FF_SIZE: 2048
    MULTI_HEAD: 8
    DROPOUT_R: 0.1
    FLAT_MLP_SIZE: 512
    FLAT_GLIMPSES: 1
    FLAT_OUT_SIZE: 1024
    ORDERS: [0, 1, 3]
    IMG_SCALE: 14
    ROUTING: hard
    POOLING: fc
    TAU_POLICY: 0
    TAU_MAX: 10
    TAU_MIN: 0.1
    BINARIZE: True
    BATCH_SIZE: 64
    LR_BASE: 0.00004
    LR_DECAY_R: 0.2
    LR_DECAY_LIST: [13, 15]
    WARMUP_EPOCH: 3
    MAX_EPOCH: 16
    GRAD_NORM_CLIP: -1
    GRAD_ACCU_STEPS: 2
    LOSS_FUNC: ce
    LOSS_REDUCTION: sum
    OPT: Adam
    OPT_PARAMS: {betas: '(0.9, 0.98)', eps: '1e-9'}

    """
}
