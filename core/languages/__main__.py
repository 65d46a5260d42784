"""`python -m core.languages` brings the catalogues up to date with the code and says what is not translated yet."""

import sys

from core.domain.language import Language
from core.languages.gathering import update

for language in Language:
    if language is not Language.ENGLISH:
        catalogue = update(language)
        sys.stdout.write(
            f"{language}: {sum(not one.string for one in catalogue if one.id)} of {len(catalogue)} texts are not translated\n"
        )
