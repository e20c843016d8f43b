globalThis.kept = [__BUILD__, __FILES__];
