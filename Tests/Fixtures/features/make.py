"""Makes the archives of features: python3 make.py"""
import os

import numpy as np

folder = os.path.dirname(os.path.abspath(__file__))
rows = np.arange(15, dtype="float32").reshape(5, 3) / 4 - 1
np.savez(os.path.join(folder, "17.npz"), x=rows)
np.savez_compressed(os.path.join(folder, "18.npz"), other=rows.astype("float64"), x=np.asfortranarray(rows))
np.savez(os.path.join(folder, "19.npz"), feature=rows)
