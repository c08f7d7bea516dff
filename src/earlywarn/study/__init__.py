"""Does engagement lead? And, before that: are the questionnaires good enough to say?"""
