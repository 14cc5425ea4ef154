import { addWords } from '@/words/late'
import dossier from '@/words/zh-CN/dossier'

addWords({ dossier })
