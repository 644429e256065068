// Gives CMake a source for which to make the shared precompiled header.
