"""An empty Django project as `startproject` writes it: what any site on Django needs at rest."""
