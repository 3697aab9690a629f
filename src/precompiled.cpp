// Gives the precompiled headers a translation unit.
