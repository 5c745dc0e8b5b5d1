"""How the command model is made: speech in, a folder in Vosk's format out.

speech    corpus (real recordings), voices (synthesised), align (phones by the frame)
training  augment, features, network, train
model     nnet3 (the acoustic model's file), graph (words to phones), export
judged    evaluate, card

`scripts/recipe` runs it; `scripts/recipe --smoke` in three minutes on synthesised speech alone.
"""
