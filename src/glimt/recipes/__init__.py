"""Recipes, by name: where the labels of a training run come from, and what becomes of them."""

RECIPES = {
    "full": "glimt.recipes.full:full",
    "hmg": "glimt.recipes.hmg:hmg",
    "lesps": "glimt.recipes.lesps:lesps",
    "pseudo": "glimt.recipes.pseudo:pseudo",
}
