"""The texts that models of this course are trained on.

    load_text("hu", "story")             # the small book, shipped with the package
    load_text("en", "tales")             # simple stories, generated: as many as asked for, the same for the same seed
    load_text("en", "tinyshakespeare")   # fetched once, checked, kept in the cache
    load_text("en", "my-diary.txt")      # any UTF-8 file

The folder named by GPTCOURSE_DATA is searched before anything is fetched; GPTCOURSE_CACHE moves the cache. This
module knows nothing about tokens.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gptcourse import tales
from gptcourse.labels import SOURCE, languages, message

SHIPPED = Path(__file__).parent / "corpora"


@dataclass(frozen=True)
class Download:
    """A text that others published: where it is and what its bytes must hash to (SHA-256)."""

    file: str
    url: str
    hash: str


DOWNLOADS = {
    "tinyshakespeare": Download(
        "tinyshakespeare.txt",
        "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
        "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    ),
    "the-verdict": Download(
        "the-verdict.txt",
        "https://raw.githubusercontent.com/rasbt/LLMs-from-scratch/main/ch02/01_main-chapter-code/the-verdict.txt",
        "b41e41a68f0398a3154ae69e2e4c0e2694e17fe0d66730536837f1b01935b31f",
    ),
}


def load_text(lang, name, chars=1_500_000, seed=0):
    """The text called `name` in the language `lang`, as one string.

    `name` is "story" (the small book), "tales" (generated: as many whole stories, one a line, as reach `chars`
    characters; `seed` chooses which), a name of DOWNLOADS (English), or a path to a UTF-8 file. A language without its
    own story or tales gets the English ones, and a sentence saying so. Raises ValueError for an unknown language or name, for a
    file that is not UTF-8 and for one whose content is not what was published; OSError when a download fails.
    """
    if lang not in languages():
        raise ValueError(message("errors.unknown_language", lang=lang, known=", ".join(languages())))
    if name == "tales":
        if not tales.has_tales(lang):
            print(message("errors.english_instead", name=name, lang=lang))
            lang = SOURCE
        return tales.generate(lang, chars, seed).text
    if name in DOWNLOADS:
        return _decode(_fetch(DOWNLOADS[name]))
    if Path(name).is_file():
        return _decode(Path(name))
    names = sorted(path.stem for path in SHIPPED.glob(f"{SOURCE}/*.txt"))
    if name not in names:
        raise ValueError(message("errors.unknown_text", name=name, known=", ".join([*names, "tales", *DOWNLOADS])))
    path = SHIPPED / lang / f"{name}.txt"
    if not path.exists():
        print(message("errors.english_instead", name=name, lang=lang))
        path = SHIPPED / SOURCE / f"{name}.txt"
    return _decode(path)


def may_download():
    """Whether cells that fetch a text or weights should do so: GPTCOURSE_DATA or GPTCOURSE_DOWNLOAD=1 is set.

    Otherwise prints what to do, so that a notebook run from start to end never waits for a network.
    """
    allowed = bool(os.environ.get("GPTCOURSE_DATA")) or os.environ.get("GPTCOURSE_DOWNLOAD") == "1"
    if not allowed:
        print(message("errors.download_off"))
    return allowed


def _decode(path):
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            message("errors.file_not_utf8", file=path, bytes=data[error.start : error.end], start=error.start)
        ) from error


def _fetch(download):
    """Path of the downloaded file: in GPTCOURSE_DATA, else in the cache, else fetched, and always checked."""
    folder = os.environ.get("GPTCOURSE_DATA")
    if folder and (path := Path(folder) / download.file).is_file():
        if sha256(path.read_bytes()).hexdigest() != download.hash:
            raise ValueError(message("errors.wrong_hash", file=path))
        return path
    import pooch  # here, because only a download needs it

    cache = os.environ.get("GPTCOURSE_CACHE", pooch.os_cache("gptcourse"))
    try:
        return Path(pooch.retrieve(download.url, f"sha256:{download.hash}", download.file, cache))
    except ValueError as error:  # pooch's word for a hash that does not match
        raise ValueError(message("errors.wrong_hash", file=download.url)) from error
    except OSError as error:
        raise OSError(message("errors.no_download", file=download.file, url=download.url)) from error
