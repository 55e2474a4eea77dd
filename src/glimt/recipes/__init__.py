"""Recipes, by name: where the labels of a training run come from, and what becomes of them."""

RECIPES = {
    "full": "glimt.recipes.full:full",
    "pseudo": "glimt.recipes.pseudo:pseudo",
}
