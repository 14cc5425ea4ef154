import { addWords } from '@/words/late'
import documents from '@/words/zh-CN/documents'

addWords({ documents })
