/** What the native backend is made of. A change here gives another cache folder, and other fingerprints. */
export const TENSORFLOW_VERSION = '2.21.0';
/** Version of the tfjs packages: of the native binding's JavaScript, and of the pure JavaScript backend. */
export const TFJS_VERSION = '4.22.0';
/** Raised when set-up lays out or compiles something else from the same downloads. */
export const LAYOUT = 1;

/** `cpu` computes on the processor, `gpu` on NVIDIA cards with CUDA 12. */
export type Build = 'cpu' | 'gpu';
export type Architecture = 'x64' | 'arm64';

/** A wheel (Python's zip archive of a built package) by its name and content. */
export interface PinnedWheel {
  readonly package: string;
  readonly version: string;
  readonly sha256: string;
  /** Download and unpacked size in bytes, for the disk space that set-up needs. */
  readonly bytes: number;
  readonly unpacked: number;
}

export interface BuildPins {
  readonly tensorflow: PinnedWheel;
  /** NVIDIA's libraries: the newest that `tensorflow[and-cuda]` 2.21.0 allowed when they were pinned. */
  readonly cuda: readonly PinnedWheel[];
  /** Platform tags that pip may choose from (PEP 600). pip adds the older `manylinux2014` and before by itself. */
  readonly platforms: readonly string[];
}

const tensorflow = (name: string, sha256: string, bytes: number, unpacked: number): PinnedWheel => ({
  package: name,
  version: TENSORFLOW_VERSION,
  sha256,
  bytes,
  unpacked,
});

const nvidia = (name: string, version: string, sha256: string, bytes: number, unpacked: number): PinnedWheel => ({
  package: `nvidia-${name}-cu12`,
  version,
  sha256,
  bytes,
  unpacked,
});

const cuda: readonly PinnedWheel[] = [
  nvidia('cublas', '12.9.3.13', 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72', 581e6, 856e6),
  nvidia('cuda-cupti', '12.9.79', '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f', 11e6, 45e6),
  nvidia('cuda-nvcc', '12.9.86', '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0', 41e6, 99e6),
  nvidia('cuda-nvrtc', '12.9.86', '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4', 90e6, 227e6),
  nvidia('cuda-runtime', '12.9.79', '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3', 4e6, 10e6),
  nvidia('cudnn', '9.28.0.42', '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375', 717e6, 1164e6),
  nvidia('cufft', '11.4.1.4', 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28', 201e6, 294e6),
  nvidia('curand', '10.3.10.19', '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e', 69e6, 170e6),
  nvidia('cusolver', '11.7.5.82', '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88', 339e6, 496e6),
  nvidia('cusparse', '12.5.10.65', '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78', 367e6, 487e6),
  nvidia('nccl', '2.32.3', 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c', 352e6, 491e6),
  nvidia('nvjitlink', '12.9.86', 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9', 40e6, 97e6),
];

/** The pins of each build that exists. For arm64 there is no wheel with CUDA, and the plain name is the CPU build. */
export const pins: Readonly<Record<Architecture, Readonly<Partial<Record<Build, BuildPins>>>>> = {
  x64: {
    cpu: {
      tensorflow: tensorflow(
        'tensorflow-cpu',
        '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
        273_829_956,
        860e6,
      ),
      cuda: [],
      platforms: ['manylinux_2_27_x86_64'],
    },
    gpu: {
      tensorflow: tensorflow(
        'tensorflow',
        '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
        572_440_367,
        1270e6,
      ),
      cuda,
      platforms: ['manylinux_2_27_x86_64', 'manylinux_2_25_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
    },
  },
  arm64: {
    cpu: {
      tensorflow: tensorflow(
        'tensorflow',
        '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
        281_828_020,
        890e6,
      ),
      cuda: [],
      platforms: ['manylinux_2_27_aarch64'],
    },
  },
};
