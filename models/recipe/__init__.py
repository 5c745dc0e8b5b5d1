"""How the command model is made: speech goes in, a folder in Vosk's format comes out.

speech      corpus (recordings), texts and voices (synthesis; neural), align (forced alignment), prepare
streams     augment (with manners and music), features (MFCC)
training    network, sequence (boosted MMI), muon, train
model       phones (the network's outputs), graph (words to phones), nnet3 (the acoustic model's file), export
evaluation  evaluate (a table of hits for each word)

`scripts/recipe` runs it all. `scripts/recipe --smoke` does so in three minutes, on synthetic speech alone.
"""
