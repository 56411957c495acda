// PhotoRunTests.swift - runs of a model with a backbone: broken and unbroken ones end alike, grids are made once.

import Foundation
import SafeFiles
import Testing
import Training
import VQAFormats
import VQAPipeline
import WeightFiles

// Unoptimised convolutions of the whole backbone take minutes.
#if !DEBUG
  extension TrainingTests {
    @Suite struct PhotoRunTests {
      private static let last = 6

      private func expectSame(_ folder: RunFolder, _ one: String, _ other: String) throws {
        let files = [try folder.checkpoint(one, Self.last), try folder.checkpoint(other, Self.last)]
        #expect(files[0].names == files[1].names)
        for name in files[0].names {
          let values = try files.map { try $0.floats(name).map(\.bitPattern) }
          #expect(values[0] == values[1], "\(name)")
        }
        for key in ["step", "optimiser.steps", "bestAccuracy", "recipe", "knowledge", "data.training"] {
          #expect(files[0].metadata[key] == files[1].metadata[key] && files[0].metadata[key] != nil, "\(key)")
        }
        #expect(try folder.timelessLog(one) == folder.timelessLog(other))
        let models = try [one, other].map { name in
          try Data(contentsOf: URL(filePath: folder.output(name) + "/model.safetensors"))
        }
        #expect(models[0] == models[1])
      }

      @Test func aBrokenRunEndsAsAnUnbrokenOne() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.model.cascade.stages.stages = 2
          folder.recipe.training.finerShare = 0.5
          guard case .finished(let accuracy, _) = try folder.run("whole", threads: 2) else {
            Issue.record("the run has not finished")
            return
          }
          #expect((0...1).contains(accuracy))
          // Within the first pass, and within the second.
          try folder.run("broken", threads: 1, stopAfter: 2)
          try folder.run("broken", resume: true, threads: 2, stopAfter: 4)
          try folder.run("broken", resume: true)
          try expectSame(folder, "whole", "broken")
          let names = try folder.checkpoint("whole", Self.last).names
          #expect(names.contains("weight.knowledge.tie.weight") && names.contains("weight.vision.labels.weight"))
          #expect(!names.contains { $0.contains("vision.backbone.") })
        }
      }

      @Test func theModelAnswersByItself() throws {
        try RunFolder.withPhotos { folder in
          try folder.run("run")
          let (model, metadata) = try ModelFile.load(folder.output("run") + "/model.safetensors")
          #expect(metadata["training.step"] == "6")
          #expect(model.answers.answers.contains("spaniel") && model.answers.index(of: "thing") != nil)
          // "tree" is no label, and no answer is given to how a picture would be with a subject.
          #expect(model.answers.index(of: "tree") == nil)
          let hues = try #require(model.tables?.below["hue"])
          #expect(Set(hues.compactMap(model.answers.answer)) == ["red", "green", "blue"])
          let bytes = try readFile(folder.path + "/photos/images/5.png", limit: 1 << 20)
          let image = try PicturePreparation(model.configuration).load(bytes)
          let seen = try model.see([image])[0]
          #expect(seen.knowledge?.labels.allSatisfy { $0 != 0 && $0.isFinite } == true)
          #expect(model.answer(["Is there a dog?"], about: [seen])[0].candidates.count == 5)
          // The words that vectors are known of have theirs, the others none.
          let words = try #require(model.knowledge?.wordVectors.value)
          for (word, hasVector) in [("sky", true), ("vehicle", false)] {
            let id = try #require(model.words.id(of: word))
            #expect(words.elements[(id * 4)..<(id * 4 + 4)].contains { $0 != 0 } == hasVector, "\(word)")
          }
        }
      }

      /// Words of questions and answers have heads, which a model keeps in its file, and colours are told as shares.
      @Test func wordsHaveHeads() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.data.knowledge.words.sets = ["photos"]
          folder.recipe.data.knowledge.words.count = 2
          folder.recipe.model.cascade.stages.gridWidth = BackboneCascade.wideWidth
          var notes: [String] = []
          try folder.run("run", note: { notes.append($0) })
          #expect(notes.contains { $0.hasPrefix("3 words of 4 pictures") }, "\(notes)")
          let (model, _) = try ModelFile.load(folder.output("run") + "/model.safetensors")
          #expect(model.configuration.knowledge.words == 3)
          #expect(model.tables?.concepts.labels == ["dog", "person", "green", "hue", "red"])
          let bytes = try readFile(folder.path + "/photos/images/5.png", limit: 1 << 20)
          let seen = try model.see([try PicturePreparation(model.configuration).load(bytes)])[0]
          #expect(seen.knowledge?.labels.count == 5 && seen.knowledge?.labels.allSatisfy { $0.isFinite } == true)
          #expect(seen.knowledge?.labels.dropFirst(2).contains { $0 != 0 } == true)
          // What the backbone sees is told by labels, not by words.
          #expect(model.names(of: seen)?.labels.count == 2)
          #expect(model.answer(["Is it red?"], about: [seen])[0].candidates.count == 5)
          try folder.run("again", stopAfter: 2)
          try folder.run("again", resume: true)
          try expectSame(folder, "run", "again")
        }
      }

      /// Questions without a photo borrow one, the same when the run goes on.
      @Test func photosAreLent() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.data.knowledge.lending.set = "text"
          folder.recipe.data.knowledge.lending.photosOf = ["photos"]
          folder.recipe.training.mixture = PhotoSet.mixture(["photos": 4, "text": 2, "lent": 2])
          var notes: [String] = []
          try folder.run("run", note: { notes.append($0) })
          #expect(notes.contains("3 questions without a photo borrow one of 4"), "\(notes)")
          try folder.run("again", stopAfter: 4)
          try folder.run("again", resume: true)
          try expectSame(folder, "run", "again")
        }
      }

      /// Where targets are the prior's altogether, what people answered about the pictures has no say.
      @Test(arguments: [Float(1), 0.5])
      func targetsLeanOnThePrior(share: Float) throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.training.mixture = PhotoSet.mixture(["photos": 8])
          folder.recipe.training.pictureDropout = 0
          folder.recipe.training.prior = [PriorRule(set: "photos", answerType: "other", share: share)]
          var weights: [[UInt32]] = []
          for (name, answers) in [("one", ["red", "green"]), ("other", ["green", "red"])] {
            let questions = (1...4).map { (text: "What hue is it?", picture: $0, answer: answers[$0 % 2]) }
            try PhotoSet.write(
              questions.map { ($0.text, $0.picture, $0.answer, nil) }, split: "train", in: folder.path + "/photos")
            try folder.run(name, stopAfter: 2)
            weights.append(try folder.checkpoint(name, 2).floats("weight.proj.weight").map(\.bitPattern))
          }
          #expect((weights[0] == weights[1]) == (share == 1))
        }
      }

      @Test func anotherRunBeginsWithAModel() throws {
        try RunFolder.withPhotos { folder in
          try folder.run("first")
          var run = try TrainingRun(folder.recipe, data: folder.path, output: folder.output("second"), threads: 1)
          run.source = folder.output("first") + "/model.safetensors"
          var losses: [Float] = []
          _ = try run.run(resume: false, shouldStop: { !losses.isEmpty }, report: { losses.append($0.loss) })
          let fresh = try #require(try folder.log("first").dropFirst().first.flatMap { Float($0[3]) })
          #expect(losses.count == 1 && losses[0] < fresh)
        }
      }

      /// Sets count alike, however many questions they have; those with a subject are not asked, for no picture shows it.
      @Test func setsAreMeasuredByThemselves() throws {
        try RunFolder.withPhotos { folder in
          let run = try TrainingRun(folder.recipe, data: folder.path, output: folder.output("run"), threads: 1)
          var measured: [HeldOutAccuracy] = []
          var observer = TrainingObserver()
          observer.pass = { if let accuracy = $0.accuracy { measured.append(accuracy) } }
          _ = try run.run(resume: false, observer: observer)
          let accuracy = try #require(measured.first)
          #expect(measured.count == 1)
          #expect(accuracy.groups.map(\.name) == ["photos", "text"])
          #expect(accuracy.groups.map(\.count) == [4, 3])
          #expect(accuracy.overall == (accuracy.groups[0].accuracy + accuracy.groups[1].accuracy) / 2)
        }
      }

      // MARK: The cache

      @Test func gridsAreMadeOnce() throws {
        try RunFolder.withPhotos { folder in
          var notes: [String] = []
          try folder.run("one", stopAfter: 1, note: { notes.append($0) })
          #expect(notes.contains("grids of 4 of 4 pictures") && notes.contains("grids of 2 of 2 pictures"))
          #expect(notes.contains { $0.hasPrefix("2 labels of 4 pictures") })
          let files = try folder.cached()
          // Two views of four pictures, one of two; a grid and what is known for each.
          #expect(files.count == 2 * (4 * 2 + 2))
          func inodes() throws -> [String: UInt64] {
            try files.reduce(into: [:]) { found, name in
              let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/cache/" + name)
              found[name] = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value
            }
          }
          let before = try inodes()
          #expect(before.count == files.count)
          try folder.run("two", stopAfter: 1)
          // A file that is made anew takes the place of the other, with a number of its own.
          #expect(try inodes() == before)
          #expect(try folder.cached() == files)
          // A picture that is lost is made again, the others stay.
          let lost = try #require(files.first { $0.hasSuffix("known.safetensors") })
          try FileManager.default.removeItem(atPath: folder.path + "/cache/" + lost)
          try folder.run("three", stopAfter: 1)
          #expect(try folder.cached() == files)
          #expect(try inodes().filter { before[$0.key] == $0.value }.count >= files.count - 2)
        }
      }

      /// A run of fewer grids leaves a cache that one of more makes whole.
      @Test func aCacheOfFewerGridsIsMadeWhole() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.data.knowledge.views = 1
          folder.recipe.data.heldOut = ""
          try folder.run("coarse", stopAfter: 1)
          folder.recipe.model.cascade.stages.stages = 2
          try folder.run("fine", stopAfter: 1)
          folder.recipe.data.knowledge.cache = folder.path + "/fresh"
          try folder.run("alone", stopAfter: 1)
          let weights = try ["fine", "alone"].map { try folder.checkpoint($0, 1).floats("weight.proj.weight") }
          #expect(weights[0] == weights[1])
        }
      }

      /// Where grids lie belongs to a machine: a run goes on with others, and its files do not tell.
      @Test func theCacheMayMove() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.data.knowledge.views = 1
          folder.recipe.data.heldOut = ""
          try folder.run("one", stopAfter: 1)
          let old = folder.recipe.data.knowledge.cache
          folder.recipe.data.knowledge.cache = folder.path + "/moved"
          try folder.run("one", resume: true, stopAfter: 2)
          let recipe = try #require(folder.checkpoint("one", 2).metadata["recipe"])
          #expect(!old.isEmpty && recipe.contains("\"cache\":\"\"") && !recipe.contains("moved"))
        }
      }

      @Test(arguments: ["grids", "known"])
      func aDamagedFileIsNamed(kind: String) throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.data.knowledge.views = 1
          try folder.run("one", stopAfter: 1)
          for name in try folder.cached() where name.hasSuffix(".\(kind).safetensors") {
            try AtomicFile.write("damaged", to: folder.path + "/cache/" + name)
          }
          let failure = try folder.failure("two")
          #expect(failure.file.hasPrefix(folder.path + "/cache/") && failure.file.hasSuffix(".\(kind).safetensors"))
          #expect(failure.kind == .badData)
        }
      }

      /// Gives a tensor in some files of the cache another shape.
      private func shorten(_ tensor: String, _ kind: String, in folder: RunFolder) throws {
        for name in try folder.cached() where name.hasSuffix(".\(kind).safetensors") {
          let path = folder.path + "/cache/" + name
          let file = try TensorFile(path: path)
          let tensors = try file.tensors.map { entry -> TensorFileWriter.Tensor in
            let values = try file.floats(entry.name)
            return entry.name == tensor ? (tensor, [3], Array(values.prefix(3))) : (entry.name, entry.shape, values)
          }
          #expect(tensors.contains { $0.name == tensor })
          try TensorFileWriter.write(tensors: tensors, metadata: [:], to: path)
        }
      }

      /// Files that are whole, but not of this picture.
      @Test(arguments: ["classes", "pooled"])
      func aStrangeFileIsNamed(tensor: String) throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.data.knowledge.views = 1
          try folder.run("one", stopAfter: 1)
          try shorten(tensor, "known", in: folder)
          let failure = try folder.failure("two")
          #expect(failure.file.hasPrefix(folder.path + "/cache/") && failure.file.hasSuffix(".known.safetensors"))
          #expect(failure.description.contains(tensor))
        }
      }

      /// Grids of another version are no use to anyone.
      @Test func gridsOfAnotherShapeAreMadeAnew() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.data.knowledge.views = 1
          folder.recipe.data.heldOut = ""
          try folder.run("one", stopAfter: 1)
          let files = try folder.cached().filter { $0.hasSuffix("grids.safetensors") }
          let grids = try files.map { try TensorFile(path: folder.path + "/cache/" + $0).floats("grid0") }
          try shorten("grid0", "grids", in: folder)
          try folder.run("two", stopAfter: 1)
          #expect(try files.map { try TensorFile(path: folder.path + "/cache/" + $0).floats("grid0") } == grids)
        }
      }

      @Test func stoppingBetweenPicturesKeepsWhatIsMade() throws {
        try RunFolder.withPhotos { folder in
          let run = try TrainingRun(folder.recipe, data: folder.path, output: folder.output("run"), threads: 1)
          #expect(throws: TrainingFailure.stoppedPreparing(done: 0, of: 4)) {
            try run.run(resume: false, shouldStop: { true })
          }
        }
      }

      // MARK: Words alone

      /// Questions without a picture are learned, in a set without a folder of pictures.
      @Test func textQuestionsAreLearned() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.data.set = "text"
          folder.recipe.data.also = []
          try FileManager.default.moveItem(atPath: folder.path + "/text/train", toPath: folder.path + "/train")
          try FileManager.default.moveItem(atPath: folder.path + "/text/val", toPath: folder.path + "/val")
          folder.recipe.training.mixture = PhotoSet.mixture(["text": 8])
          folder.recipe.training.epochs = 30
          folder.recipe.training.rate = 0.03
          folder.recipe.training.evaluationEpochs = 30
          let outcome = try folder.run("run")
          guard case .finished(let accuracy, _) = outcome else {
            Issue.record("the run has not finished")
            return
          }
          #expect(accuracy == 1)
          let model = try ModelFile.load(folder.output("run") + "/model.safetensors").model
          let nothing = try model.seeNothing()
          let answers = model.answer(["What hue is the sky?", "Is snow white?"], about: [nothing, nothing])
          #expect(answers.map(\.best.answer) == ["blue", "yes"])
        }
      }
    }
  }
#endif
