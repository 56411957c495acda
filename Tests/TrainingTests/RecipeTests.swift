// RecipeTests.swift - recipes are defaults with settings laid over; what cannot be is refused by name.

import SafeFiles
import TestSupport
import Testing
import Training
import VQAPipeline

@Suite struct RecipeTests {
  private func load(_ json: String, _ assignments: [String] = []) throws -> Recipe {
    try withTemporaryFolder { folder in
      try AtomicFile.write(json, to: folder + "/recipe.json")
      return try Recipe.load(folder + "/recipe.json", assignments: assignments)
    }
  }

  private func failure(_ json: String, _ assignments: [String] = []) throws -> ConfigurationFailure {
    let failure = try #require(throws: FileFailure.self) { try load(json, assignments) }
    #expect(failure.file.hasSuffix("/recipe.json"))
    #expect(failure.kind == .badData)
    return try #require(failure.cause as? ConfigurationFailure)
  }

  @Test func nothingGivenIsTheDefaults() throws {
    #expect(try load("{}") == Recipe())
  }

  @Test func settingsAreLaidOver() throws {
    var wanted = Recipe()
    wanted.data.set = "easy-vqa"
    wanted.model.network.orders = [0, 1]
    wanted.training.loss = .binaryCrossEntropy
    wanted.training.augmentation.mirror = true
    wanted.training.optimiser.clipNorm = 1
    let json = """
      {"training": {"loss": "binary-cross-entropy", "augmentation": {"mirror": true}, "optimiser": {"clipNorm": 1}},
       "model": {"network": {"orders": [0, 1]}}, "data": {"set": "easy-vqa"}}
      """
    #expect(try load(json) == wanted)
  }

  @Test func assignmentsWinAndTheLastOfThem() throws {
    let recipe = try load(
      "{\"training\": {\"epochs\": 3}}",
      ["training.epochs=4", "training.seed=9", "training.epochs=5", "data.split=two words", "model.network.orders=[1]"])
    #expect(recipe.training.epochs == 5)
    #expect(recipe.training.seed == 9)
    #expect(recipe.data.split == "two words")
    #expect(recipe.model.network.orders == [1])
  }

  @Test func writtenOutAndReadAgainIsTheSame() throws {
    var recipe = TinySet.recipe
    recipe.training.rate = 0.1
    recipe.training.optimiser.epsilon = 1e-9
    #expect(try load(try recipe.json().serialized()) == recipe)
    #expect(try load(try recipe.json().serialized(pretty: true)) == recipe)
  }

  @Test func unknownSettingsAreNamed() throws {
    #expect(try failure("{\"training\": {\"epoch\": 3}}").place == "training.epoch")
    #expect(try failure("{\"trainin\": {}}").place == "trainin")
    #expect(try failure("{}", ["training.optimizer.clipNorm=1"]).place == "training.optimizer")
    #expect(try failure("{}", ["model.vision.width=wide"]).place == "model.vision.width")
    #expect(try failure("{}", ["training.loss=squared"]).place == "training.loss")
    #expect(try failure("{}", ["training.epochs"]).place == "training.epochs")
    #expect(try failure("[]").place == nil)
  }

  @Test(
    arguments: [
      "training.epochs=0", "training.epochs=1000001", "training.questionsPerStep=0", "training.questionsPerPicture=0",
      "training.shards=-1", "training.logSteps=0", "training.checkpointSteps=0", "training.evaluationEpochs=0",
      "training.rate=0", "training.rate=-1", "training.rate=100", "training.warmupShare=1e30",
      "training.warmupShare=-0.1", "training.finalShare=2", "training.labelSmoothing=1", "training.labelSmoothing=-1",
      "training.averageDecay=1", "training.averageDecay=-0.5", "training.augmentation.brightness=1e30",
      "training.augmentation.brightness=-1", "training.augmentation.unknownWords=1.5",
      "training.augmentation.shift=-1", "training.augmentation.shift=9223372036854775807",
      "training.curriculum.namingEpochs=-1", "training.curriculum.namingEpochs=9223372036854775807",
      "training.optimiser.firstDecay=1",
      "training.optimiser.secondDecay=-1", "training.optimiser.epsilon=-1", "training.optimiser.weightDecay=-1",
      "data.answerCount=-1", "training.seed=-1", "training.epochs=2.5", "training.accumulation=0",
      "training.rateSteps.warmupEpochs=-1", "training.rateSteps.decay=0", "training.rateSteps.decay=2",
      "training.temperature.greatest=0", "training.temperature.least=-1", "data.split=+", "data.split=train+train",
      "training.reduction=none", "training.schedule=linear", "training.temperature.policy=4", "data.layout=gqa",
    ])
  func impossibleNumbersAreNamed(assignment: String) throws {
    #expect(try failure("{}", [assignment]).place == String(assignment.prefix { $0 != "=" }))
  }

  @Test func sizesThatDoNotFitTogether() throws {
    let shards = try failure("{}", ["training.shards=16", "training.questionsPerPicture=5"])
    #expect(shards.place == "training.questionsPerStep")
    #expect(try load("{}", ["training.shards=16"]).training.shards == 16)
    #expect(try failure("{}", ["training.accumulation=3"]).place == "training.accumulation")
    #expect(try failure("{}", ["training.accumulation=2"]).place == "training.accumulation")
    let single = ["training.questionsPerPicture=1", "training.accumulation=16"]
    #expect(try load("{}", single).training.accumulation == 16)
    #expect(try failure("{}", single + ["training.shards=5"]).place == "training.questionsPerStep")
    #expect(try failure("{}", ["data.layout=clevr", "training.loss=kl-divergence"]).place == "training.loss")
    #expect(try failure("{}", ["data.layout=clevr", "training.measure=official"]).place == "training.measure")
    let heads = try failure("{}", ["model.network.heads=7"])
    #expect(heads.place == "model")
    #expect(heads.problem.contains("network.heads"))
  }

  @Test func splitsAreJoinedByPlus() throws {
    let recipe = try load("{}", ["data.split=train+val+vg", "data.heldOut=val"])
    #expect(recipe.data.splits == ["train", "val", "vg"])
    #expect(recipe.data.measuredSplit == nil)
    #expect(Recipe().data.measuredSplit == "val")
    #expect(try load("{}", ["data.heldOut="]).data.measuredSplit == nil)
  }

  @Test func filesThatAreNoRecipe() throws {
    for json in ["", "{", "{\"data\": {}, \"data\": {}}"] {
      #expect(throws: FileFailure.self) { try load(json) }
    }
    let missing = try #require(throws: FileFailure.self) { try Recipe.load("/no/such/recipe.json") }
    #expect(missing.kind == .notFound)
  }
}
