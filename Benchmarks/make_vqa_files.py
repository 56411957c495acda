#!/usr/bin/env python3
"""make_vqa_files - questions, annotations and results of the shape of the VQA v2 training set, with made-up words, written as the official
files are: one line, a space behind every comma and colon.

Usage: Benchmarks/make_vqa_files.py FOLDER [--questions N] [--seed N]    443,757 questions, an annotation file of about 354 MB
"""
import argparse, json, os, random

beginnings = ['what is the', 'what color is the', 'is there a', 'how many', 'is the', 'are these', 'where is the', 'what kind of', 'none of the above']
things = ['cat', 'red truck', 'wooden table', 'man with a hat', 'street sign', 'glass of orange juice', 'window', 'fire hydrant', 'surf board', 'giraffe']
kinds = {'yes/no': ['yes', 'no'], 'number': ['0', '1', '2', '3', '4', '12'],
         'other': ['white', 'blue and white', 'on the left side', 'tennis', 'to the right of the table', 'skateboarding', 'caf\u00e9', 'stop', 'brown']}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('folder')
    options.add_argument('--questions', type=int, default=443_757)
    options.add_argument('--seed', type=int, default=1)
    a = options.parse_args()
    draw = random.Random(a.seed)
    os.makedirs(a.folder, exist_ok=True)
    header = {'info': {'description': 'made up', 'version': '2.0', 'year': 2026}, 'license': {'name': 'none', 'url': ''}, 'data_subtype': 'train2014'}
    paths = [os.path.join(a.folder, name) for name in ('questions.json', 'annotations.json', 'results.json')]
    with open(paths[0], 'w') as questions, open(paths[1], 'w') as annotations, open(paths[2], 'w') as results:
        questions.write(json.dumps({**header, 'task_type': 'Open-Ended', 'data_type': 'mscoco'})[:-1] + ', "questions": [')
        annotations.write(json.dumps({**header, 'data_type': 'mscoco'})[:-1] + ', "annotations": [')
        results.write('[')
        for index in range(a.questions):
            picture, beginning = 9 + index // 5 * 7, draw.choice(beginnings)
            question = picture * 1000 + index % 5
            kind = draw.choice(list(kinds))
            answers = [{'answer': draw.choice(kinds[kind]), 'answer_confidence': draw.choice(['yes', 'yes', 'maybe', 'no']), 'answer_id': number + 1}
                       for number in range(10)]
            comma = ', ' if index else ''
            text = f'{beginning} {draw.choice(things)} next to the {draw.choice(things)}?'
            questions.write(comma + json.dumps({'image_id': picture, 'question': text, 'question_id': question}))
            annotations.write(comma + json.dumps({'question_type': beginning, 'multiple_choice_answer': answers[0]['answer'], 'answers': answers,
                                                  'image_id': picture, 'answer_type': kind, 'question_id': question}))
            results.write(comma + json.dumps({'question_id': question, 'answer': answers[draw.randrange(10)]['answer']}))
        questions.write(']}')
        annotations.write(']}')
        results.write(']')
    for path in paths: print(f'{os.path.getsize(path) / 1e6:8.1f} MB  {path}')


main()
